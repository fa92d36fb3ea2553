// Writes src/gql/: the types of every operation beside the pages, from the printed schema. Nothing there is committed.

import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { codegen } from "@graphql-codegen/core";
import { preset } from "@graphql-codegen/client-preset";
import { buildASTSchema, parse } from "graphql";

const HERE = dirname(fileURLToPath(import.meta.url));
const TARGET = join(HERE, "src/gql/");
const SCHEMA = join(HERE, "../../schema.graphql");

const schema = parse(await readFile(SCHEMA, "utf-8"));
const names = (await readdir(join(HERE, "src"), { recursive: true })).filter((name) => name.endsWith(".graphql")).sort();
const documents = await Promise.all(
  names.map(async (name) => {
    const rawSDL = await readFile(join(HERE, "src", name), "utf-8");
    return { location: name, rawSDL, document: parse(rawSDL) };
  }),
);

const sections = await preset.buildGeneratesSection({
  baseOutputDir: TARGET,
  schema,
  schemaAst: buildASTSchema(schema),
  documents,
  config: {
    scalars: {
      DateTime: "string", Date: "string", Duration: "string", Decimal: "string", TimeZone: "string",
      JSON: { input: "any", output: "any" },
    },
    enumsAsTypes: true,
    useTypeImports: true,
    skipTypename: true,
  },
  presetConfig: { fragmentMasking: false },
  plugins: [],
  pluginMap: {},
  profiler: { run: (work) => work(), collect: () => [] },
  cache: (_namespace, _key, make) => make(),
});
await mkdir(TARGET, { recursive: true });
for (const section of sections) {
  await writeFile(section.filename, await codegen({ ...section, schemaAst: buildASTSchema(schema) }));
}
console.log(`Types of ${documents.length} files of operations are in src/gql`);
