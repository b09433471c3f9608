// From the OpenAPI description of the service to TypeScript's types, in the form that openapi-fetch reads. The generators
// that are about print through the compiler's API, which TypeScript 7 has no longer; ours prints what our description uses.

/** A JSON Schema (2020-12) as the description holds it. */
type Schema = {
  readonly $ref?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: Schema | boolean;
  readonly items?: Schema;
  readonly prefixItems?: readonly Schema[];
};

type Content = Readonly<Record<string, { readonly schema?: Schema }>>;
type Parameter = {
  readonly name: string;
  readonly in: string;
  readonly required: boolean;
  readonly schema: Schema;
};
type Operation = {
  readonly summary?: string;
  readonly parameters: readonly Parameter[];
  readonly requestBody?: { readonly content: Content };
  readonly responses: Readonly<Record<string, { readonly description: string; readonly content?: Content }>>;
};
export type Description = {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
};

const OPENING = `// The types of Amanah's API, generated from its OpenAPI description by \`npm run client\`. Not to be edited.\n`;

/** The whole file. */
export function typesOf({ paths, components }: Description): string {
  const schemas = Object.entries(components.schemas).toSorted(byName);
  return [
    OPENING,
    `export interface paths ${block(Object.entries(paths).toSorted(byName).map(pathMember))}\n`,
    `export interface components ${block([
      `schemas: ${block(schemas.map(([name, schema]) => documented(schema.description, `${keyOf(name)}: ${typeOf(schema)}`)))}`,
    ])}\n`,
  ].join("\n");
}

const byName = ([a]: readonly [string, unknown], [b]: readonly [string, unknown]) => (a < b ? -1 : 1);

const pathMember = ([path, operations]: [string, Readonly<Record<string, Operation>>]): string =>
  `${JSON.stringify(path)}: ${block([
    "parameters: { query?: never; header?: never; path?: never; cookie?: never }",
    ...Object.entries(operations).map(([method, operation]) =>
      documented(operation.summary, `${method}: ${operationOf(operation)}`),
    ),
  ])}`;

const operationOf = ({ parameters, requestBody, responses }: Operation): string =>
  block([
    `parameters: ${parametersOf(parameters)}`,
    requestBody === undefined
      ? "requestBody?: never"
      : `requestBody: { content: ${contentOf(requestBody.content)} }`,
    `responses: ${block(Object.entries(responses).map(responseOf))}`,
  ]);

function parametersOf(parameters: readonly Parameter[]): string {
  const group = (where: string) => {
    const own = parameters.filter((one) => one.in === where);
    if (own.length === 0) return `${where}?: never`;
    const optional = own.every(({ required }) => !required) ? "?" : "";
    return `${where}${optional}: ${block(own.map((one) => member(one.name, one.schema, one.required)))}`;
  };
  return block(["query", "header", "path", "cookie"].map(group));
}

const responseOf = ([status, { description, content }]: [string, Operation["responses"][string]]): string =>
  documented(
    description,
    `${status}: { headers: { [name: string]: unknown }; content${content === undefined ? "?: never" : `: ${contentOf(content)}`} }`,
  );

const contentOf = (content: Content): string =>
  block(
    Object.entries(content).map(([type, { schema = {} }]) => `${JSON.stringify(type)}: ${typeOf(schema)}`),
  );

/** The type of what a schema takes. What it says beyond the shape (patterns, bounds) the service checks. */
export function typeOf(schema: Schema): string {
  const { $ref, anyOf, oneOf, allOf } = schema;
  if ($ref !== undefined) return `components["schemas"][${JSON.stringify($ref.split("/").at(-1))}]`;
  if ("const" in schema) return JSON.stringify(schema.const);
  if (schema.enum !== undefined) return schema.enum.map((one) => JSON.stringify(one)).join(" | ");
  const several = anyOf ?? oneOf;
  if (several !== undefined) return several.map((one) => inParentheses(typeOf(one))).join(" | ");
  if (allOf !== undefined) return allOf.map((one) => inParentheses(typeOf(one))).join(" & ");
  if (schema.type === undefined) return "unknown";
  return [schema.type]
    .flat()
    .map((type) => typeNamed(type, schema))
    .join(" | ");
}

function typeNamed(type: string, schema: Schema): string {
  switch (type) {
    case "integer":
    case "number":
      return "number";
    case "array":
      return arrayOf(schema);
    case "object":
      return objectOf(schema);
    default:
      return type;
  }
}

const arrayOf = ({ items = {}, prefixItems }: Schema): string =>
  prefixItems === undefined ? `${inParentheses(typeOf(items))}[]` : `[${prefixItems.map(typeOf).join(", ")}]`;

function objectOf({ properties = {}, required = [], additionalProperties }: Schema): string {
  const named = Object.entries(properties).map(([name, one]) => member(name, one, required.includes(name)));
  const isOpen = typeof additionalProperties === "object" || additionalProperties === true;
  const rest = typeof additionalProperties === "object" ? typeOf(additionalProperties) : "unknown";
  if (named.length === 0) return isOpen ? `{ [name: string]: ${rest} }` : "Record<string, never>";
  // Beside members of other types only `unknown` can stand.
  return block(isOpen ? [...named, "[name: string]: unknown"] : named);
}

const member = (name: string, schema: Schema, required: boolean): string =>
  documented(schema.description, `${keyOf(name)}${required ? "" : "?"}: ${typeOf(schema)}`);

const keyOf = (name: string): string => (/^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(name));

const inParentheses = (type: string): string => (/ [|&] /.test(type) ? `(${type})` : type);

const documented = (says: string | undefined, text: string): string =>
  says === undefined ? text : `/** ${says.replaceAll("*/", "*\\/").replaceAll("\n", " ")} */\n${text}`;

/** Members on lines of their own, two spaces in. */
function block(members: readonly string[]): string {
  if (members.length === 0) return "Record<string, never>";
  const lines = members.map((text) => `${text};`).join("\n");
  return `{\n${lines.replace(/^(?=.)/gm, "  ")}\n}`;
}
