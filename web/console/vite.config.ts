/** How the console is built: hashed files into dist/, each beside itself compressed, as web/console_files.py serves them. */

import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { brotliCompress, gzip } from "node:zlib";
import react from "@vitejs/plugin-react";
import { defineConfig, type Plugin } from "vite";

function compressed(): Plugin {
  return {
    name: "compressed",
    apply: "build",
    async closeBundle() {
      const folder = join(import.meta.dirname, "dist/assets");
      for (const name of (await readdir(folder)).filter((name) => /\.(js|css)$/.test(name))) {
        const content = await readFile(join(folder, name));
        await writeFile(join(folder, `${name}.gz`), await promisify(gzip)(content));
        await writeFile(join(folder, `${name}.br`), await promisify(brotliCompress)(content));
      }
    },
  };
}

const server = process.env.CASEGRAPH_BASE_URL ?? "http://127.0.0.1:8000";

export default defineConfig({
  plugins: [react(), compressed()],
  // light-dark() stays as it is written: its replacement would need the scheme to be known when this is built
  build: { target: "es2022", cssTarget: ["chrome123", "firefox120", "safari17.5"], chunkSizeWarningLimit: 700, reportCompressedSize: false },
  server: {
    fs: { allow: [".."] },
    proxy: { "/graphql": { target: server, ws: true }, "/files": server, "^/reports/.+[.]csv": server },
  },
});
