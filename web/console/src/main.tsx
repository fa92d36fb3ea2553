/** The entrance: takes the token out of the address, then draws. */

import "@mantine/core/styles.css";
import "@mantine/notifications/styles.css";
import "@mantine/spotlight/styles.css";
import "./look/global.css";

import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./app";
import { takeTokenFromAddress } from "./session/token";

takeTokenFromAddress();
addEventListener("hashchange", () => takeTokenFromAddress() && location.reload()); // a new address in an open tab

const root = document.getElementById("root");
if (root) {
  createRoot(root).render(
    <StrictMode>
      <App />
    </StrictMode>,
  );
}
