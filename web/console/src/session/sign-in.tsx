/** The way in: a link that the server printed brings its token along; any other token can be pasted. */

import { Button, Code, Paper, PasswordInput, Stack, Text, Title } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { Logo } from "../frame/logo";
import { keepToken, keptToken } from "./token";
import css from "./sign-in.module.css";

interface Props {
  expired: boolean;
  onSignedIn: () => void;
}

export function SignIn({ expired, onSignedIn }: Props) {
  const [token, setToken] = useState("");
  const [refused, setRefused] = useState<string | null>(expired ? "You were signed out: the token is no longer good." : null);
  const [busy, setBusy] = useState(false);

  async function signIn(event: FormEvent) {
    event.preventDefault();
    setBusy(true);
    keepToken(token);
    const answer = await tried(keptToken() ?? "");
    setBusy(false);
    setRefused(answer);
    if (answer === null) onSignedIn();
  }

  return (
    <main className={css.page}>
      <Paper className={css.card} withBorder shadow="sm">
        <Stack gap="lg">
          <Logo size={30} />
          <div>
            <Title order={1}>Sign in to your desk</Title>
            <Text c="dimmed" mt={4}>
              Follow the link of your sign-in provider, or paste a token.
            </Text>
          </div>
          <form onSubmit={signIn}>
            <Stack gap="sm">
              <PasswordInput
                label="Token"
                placeholder="eyJ…"
                value={token}
                onChange={(event) => setToken(event.currentTarget.value)}
                error={refused}
                autoComplete="off"
                data-autofocus
                required
                withAsterisk={false}
              />
              <Button type="submit" size="sm" loading={busy} disabled={!token.trim()} fullWidth>
                Sign in
              </Button>
            </Stack>
          </form>
          <Text c="dimmed" size="sm">
            On your own machine the server prints links that sign you in when it starts, and{" "}
            <Code>server.py token --person …</Code> makes a token. It is kept for this tab only.
          </Text>
        </Stack>
      </Paper>
    </main>
  );
}

/** Why a token is refused, or null if it is good. */
async function tried(token: string): Promise<string | null> {
  try {
    const answer = await fetch("/graphql", {
      method: "POST",
      headers: { "Content-Type": "application/json", Authorization: `Bearer ${token}` },
      body: JSON.stringify({ query: "{ viewer { name } }" }),
    });
    const { data, errors } = await answer.json();
    return data?.viewer ? null : (errors?.[0]?.message ?? "This token is not accepted.");
  } catch {
    return "The server cannot be reached. Please try again.";
  }
}
