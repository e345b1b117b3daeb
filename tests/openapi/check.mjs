// node check.mjs FILE: the document is OpenAPI 3.1 by a validator that is not ours, every schema in
// it compiles, every example and default fits its schema, and operation ids are unique.
import { readFileSync } from "node:fs";
import { Validator } from "@seriousme/openapi-schema-validator";
import Ajv2020 from "ajv/dist/2020.js";
import addFormats from "ajv-formats";

const faults = [];
const document = JSON.parse(readFileSync(process.argv[2], "utf8"));
const validator = new Validator();
const result = await validator.validate(structuredClone(document));
if (!result.valid) faults.push(`not OpenAPI: ${JSON.stringify(result.errors).slice(0, 2000)}`);
if (validator.version !== "3.1") faults.push(`version ${validator.version}, not 3.1`);

const ajv = addFormats.default
  ? addFormats.default(new Ajv2020.default({ strict: true, strictRequired: false, allowUnionTypes: true }))
  : addFormats(new Ajv2020({ strict: true, strictRequired: false, allowUnionTypes: true }));
ajv.addFormat("int64", { type: "number", validate: Number.isInteger });

const compile = (schema, where) => {
  try {
    return ajv.compile({ ...schema, components: document.components });
  } catch (error) {
    faults.push(`${where}: ${error.message}`);
    return () => true;
  }
};
ajv.addKeyword("components");

let examples = 0;
const checkExamples = (schema, where) => {
  if (schema === null || typeof schema !== "object") return;
  const values = [...(schema.examples ?? []), ...("default" in schema ? [schema.default] : [])];
  if (values.length > 0 && schema.type) {
    const fits = compile(schema, where);
    for (const value of values) {
      examples++;
      if (!fits(value)) faults.push(`${where}: ${JSON.stringify(value)}: ${JSON.stringify(fits.errors)}`);
    }
  }
  for (const [key, part] of Object.entries(schema))
    if (!["examples", "default", "enum"].includes(key)) checkExamples(part, `${where}/${key}`);
};

const ids = new Set();
for (const [path, methods] of Object.entries(document.paths))
  for (const [method, operation] of Object.entries(methods)) {
    const where = `${method} ${path}`;
    if (ids.has(operation.operationId)) faults.push(`${where}: ${operation.operationId} twice`);
    ids.add(operation.operationId);
    const schema = operation.requestBody?.content?.["application/json"]?.schema;
    if (schema) {
      compile(schema, where);
      checkExamples(schema, where);
    }
  }
for (const [name, schema] of Object.entries(document.components.schemas)) compile(schema, name);

if (faults.length > 0) {
  console.error(faults.join("\n"));
  process.exit(1);
}
console.log(`${ids.size} operations, ${examples} examples: valid`);
