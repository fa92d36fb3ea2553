/** The one connection to the API: requests over HTTP, subscriptions over a socket that is opened when first needed. */

import { createClient as createSocket } from "graphql-ws";
import { cacheExchange, Client, type CombinedError, fetchExchange, mapExchange, subscriptionExchange } from "urql";
import { keptToken } from "../session/token";

export function codeOf(error: CombinedError): string {
  return String(error.graphQLErrors[0]?.extensions?.code ?? "NETWORK");
}

export function makeClient(onSignedOut: () => void): Client {
  const address = new URL("/graphql", location.href);
  const socketAddress = new URL(address);
  socketAddress.protocol = address.protocol.replace("http", "ws");
  const authorization = () => `Bearer ${keptToken() ?? ""}`;

  const socket = createSocket({
    url: socketAddress.href,
    lazy: true,
    retryAttempts: Infinity,
    shouldRetry: () => true,
    connectionParams: () => ({ Authorization: authorization() }),
  });

  return new Client({
    url: address.href,
    preferGetMethod: false,
    fetchOptions: () => ({ headers: { Authorization: authorization() } }),
    exchanges: [
      mapExchange({
        onError(error) {
          if (codeOf(error) === "UNAUTHENTICATED") onSignedOut();
        },
      }),
      cacheExchange,
      fetchExchange,
      subscriptionExchange({
        forwardSubscription: (operation) => ({
          subscribe: (sink) => ({
            unsubscribe: socket.subscribe({ ...operation, query: operation.query ?? "" }, sink),
          }),
        }),
      }),
    ],
  });
}
