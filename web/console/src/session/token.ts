/**
 * The token somebody is signed in with. It comes in the fragment of the address, which is never sent to a server nor
 * logged, and is kept for this tab only, under the name that GraphiQL knows it by as well.
 */

const KEPT = "casegraph.token";
const NAMES = ["token", "id_token", "access_token"]; // ours, and what providers of OpenID Connect answer with

export function takeTokenFromAddress(): boolean {
  const said = new URLSearchParams(location.hash.slice(1));
  const token = NAMES.map((name) => said.get(name)).find(Boolean);
  if (!token) return false;
  keepToken(token);
  history.replaceState(null, "", location.pathname + location.search);
  return true;
}

export function keepToken(token: string): void {
  sessionStorage.setItem(KEPT, token.trim().replace(/^Bearer\s+/i, ""));
}

export function keptToken(): string | null {
  return sessionStorage.getItem(KEPT);
}

export function forgetToken(): void {
  sessionStorage.removeItem(KEPT);
}
