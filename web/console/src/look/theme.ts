/** How it looks: dense, calm, and with contrast enough to read all day in light and dark. */

import { Badge, Button, createTheme, type CSSVariablesResolver, Modal, Table, Tooltip } from "@mantine/core";

export const theme = createTheme({
  colors: {
    dark: ["#dde4ec", "#bcc6d1", "#9aa6b4", "#6b7785", "#33404d", "#28323d", "#1c242d", "#161c23", "#12171d", "#0d1116"],
  },
  primaryColor: "indigo",
  primaryShade: { light: 8, dark: 8 },
  fontFamily: 'Inter, "Segoe UI Variable", "Segoe UI", system-ui, -apple-system, "Helvetica Neue", Arial, sans-serif',
  fontFamilyMonospace: 'ui-monospace, "SF Mono", "Cascadia Mono", Menlo, Consolas, monospace',
  fontSizes: { xs: "12px", sm: "13px", md: "14px", lg: "16px", xl: "18px" },
  headings: {
    fontWeight: "650",
    sizes: {
      h1: { fontSize: "22px", lineHeight: "1.3" },
      h2: { fontSize: "18px", lineHeight: "1.35" },
      h3: { fontSize: "16px", lineHeight: "1.4" },
      h4: { fontSize: "15px", lineHeight: "1.4" },
      h5: { fontSize: "14px", lineHeight: "1.4" },
    },
  },
  defaultRadius: 6,
  cursorType: "pointer",
  respectReducedMotion: true,
  components: {
    Button: Button.extend({ defaultProps: { size: "xs" } }),
    Alert: { styles: { title: { color: "var(--mantine-color-text)" }, message: { color: "var(--mantine-color-text)" } } },
    Badge: Badge.extend({ defaultProps: { radius: "sm" } }),
    Modal: Modal.extend({ defaultProps: { centered: true, overlayProps: { blur: 2 } } }),
    Table: Table.extend({ defaultProps: { verticalSpacing: 7, horizontalSpacing: "sm" } }),
    Tooltip: Tooltip.extend({ defaultProps: { openDelay: 300, withArrow: true } }),
    TextInput: { defaultProps: { size: "sm" } },
  },
});

export const variables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    "--mantine-color-dimmed": "#5a6573",
    "--mantine-color-placeholder": "#66707c",
    "--mantine-color-error": "#b42318",
    "--mantine-color-body": "#ffffff",
    "--mantine-color-text": "#1a222c",
    "--mantine-color-default-border": "#d6dce3",
  },
  dark: {
    "--mantine-color-dimmed": "#9aa6b4",
    "--mantine-color-placeholder": "#8b97a5",
    "--mantine-color-error": "#ff9a8f",
    "--mantine-color-body": "#12171d",
    "--mantine-color-text": "#dde4ec",
    "--mantine-color-default": "#1c232b",
    "--mantine-color-default-hover": "#252e38",
    "--mantine-color-default-border": "#33404d",
  },
});
