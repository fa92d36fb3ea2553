// Subscribes with the client named by argv[2] to the server at argv[3] with the token in argv[4]; argv[5] is JSON with the
// query, its variables and how many messages are wanted. Prints each message on a line, then ends.
import WebSocket from "ws";
import { createClient } from "graphql-ws";

const [name, url, token, wanted] = process.argv.slice(2);
const { query, variables, count } = JSON.parse(wanted);
const socket = createClient({
  url: url.replace(/^http/, "ws"),
  webSocketImpl: WebSocket,
  connectionParams: { authorization: `Bearer ${token}` },
});

const subscribers = {
  "graphql-ws": async (sink) => socket.subscribe({ query, variables }, sink),

  "@apollo/client": async (sink) => {
    const { ApolloClient, InMemoryCache, gql } = await import("@apollo/client/core");
    const { GraphQLWsLink } = await import("@apollo/client/link/subscriptions");
    const client = new ApolloClient({ link: new GraphQLWsLink(socket), cache: new InMemoryCache() });
    client.subscribe({ query: gql(query), variables }).subscribe({
      ...sink,
      next: (result) => (result.error ? sink.error(result.error) : sink.next(result)),
    });
  },

  "@urql/core": async (sink) => {
    const { Client, subscriptionExchange } = await import("@urql/core");
    const forwardSubscription = (request) => ({
      subscribe: (observer) => ({ unsubscribe: socket.subscribe({ ...request, query: request.query ?? "" }, observer) }),
    });
    const client = new Client({ url, exchanges: [subscriptionExchange({ forwardSubscription })], preferGetMethod: false });
    client
      .subscription(query, variables)
      .subscribe((result) => (result.error ? sink.error(result.error) : sink.next(result)));
  },
};

let seen = 0;
await subscribers[name]({
  next: ({ data }) => {
    console.log(JSON.stringify(data));
    if (++seen === count) process.exit(0);
  },
  error: (error) => {
    console.error(error);
    process.exit(1);
  },
  complete: () => process.exit(0),
});
