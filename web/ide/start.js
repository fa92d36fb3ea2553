// Starts GraphiQL. A token may come in the address as `#token=…`: a fragment is never sent to a server nor logged.
// It is kept for this tab only and taken out of the address bar.

const KEPT = "casegraph.token";

const FIRST_QUERY = `# Casegraph. Ctrl-Enter runs the operation under the cursor.
# The Headers tab below holds the token you are signed in with.

query MostUrgent {
  viewer {
    name
    role
    tenant {
      name
    }
  }
  cases(
    first: 10
    where: { status: { eq: ACTIVE } }
    orderBy: [{ priority: DESC }, { createdAt: DESC }]
  ) {
    nodes {
      number
      title
      priority
      statusReason
      customer {
        __typename
        ... on Account {
          name
        }
        ... on Contact {
          name
        }
      }
      owner {
        name
      }
      messages(last: 1) {
        nodes {
          body
        }
      }
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
`;

function keepToken() {
  const token = new URLSearchParams(location.hash.slice(1)).get("token");
  if (token) {
    sessionStorage.setItem(KEPT, token);
    history.replaceState(null, "", location.pathname + location.search);
  }
  return Boolean(token);
}

keepToken();
addEventListener("hashchange", () => keepToken() && location.reload()); // a new address in the tab that is open already

const kept = sessionStorage.getItem(KEPT);
const headers = kept ? JSON.stringify({ Authorization: `Bearer ${kept}` }, null, 2) : "";

const address = new URL("/graphql", location.href);
const socket = new URL(address);
socket.protocol = address.protocol.replace("http", "ws");

const element = React.createElement(GraphiQL, {
  fetcher: GraphiQL.createFetcher({ url: address.href, subscriptionUrl: socket.href }),
  plugins: [GraphiQLPluginExplorer.explorerPlugin()],
  headers,
  defaultHeaders: headers,
  defaultQuery: FIRST_QUERY,
  isHeadersEditorEnabled: true,
  shouldPersistHeaders: false,
});
ReactDOM.createRoot(document.getElementById("ide")).render(element);
