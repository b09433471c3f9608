// The API's description is OpenAPI 3.1, tells of every route, and is rendered from our own files alone.

import { expect } from "chai";
import { routes } from "../../server/http/app.ts";
import { type Answer, call } from "../support/client.ts";
import { startTestService, type TestService } from "../support/service.ts";

describe("the API's description", () => {
  let service: TestService;
  let description: Answer["body"];

  before(async () => {
    service = await startTestService();
    description = (await call(`${service.url}/openapi.json`)).body;
  });
  after(() => service.stop());

  type Operation = Record<string, Answer["body"]>;
  const operations = (): [string, string, Operation][] =>
    Object.entries(description.paths).flatMap(([path, methods]) =>
      Object.entries(methods as object).map(
        ([method, operation]) => [path, method, operation] as [string, string, Operation],
      ),
    );

  it("is OpenAPI 3.1 with what the format demands at its top", () => {
    expect(description.openapi).to.match(/^3\.1\.\d$/);
    expect(description.info).to.have.all.keys("title", "version", "description", "license");
    expect(Object.keys(description)).to.have.members(["openapi", "info", "paths", "components"]);
  });

  it("tells of every route, and of nothing else", () => {
    const told = operations().map(([path, method]) => `${method} ${path}`);
    expect(told).to.have.members(routes.map(({ method, path }) => `${method} ${path}`));
  });

  it("gives each operation an id of its own, a summary, answers, and a parameter for each brace", () => {
    const ids = operations().map(([, , { operationId }]) => operationId);
    expect(new Set(ids).size).to.equal(ids.length);
    for (const [path, method, operation] of operations()) {
      const where = `${method} ${path}`;
      expect(operation.summary, where).to.be.a("string").that.is.not.empty;
      expect(Object.keys(operation.responses), where).to.include("default").and.have.length.above(1);
      for (const [status, answer] of Object.entries<Operation>(operation.responses)) {
        expect(status, where).to.match(/^([2345]\d\d|default)$/);
        expect(answer.description, `${where} ${status}`).to.be.a("string").that.is.not.empty;
      }
      const inPath = operation.parameters.filter((one: Operation) => one.in === "path");
      expect(
        inPath.map((one: Operation) => one.name),
        where,
      ).to.deep.equal([...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name));
      expect(
        inPath.every((one: Operation) => one.required === true && one.schema.type === "string"),
        where,
      ).to.equal(true);
      const named = operation.parameters.map((one: Operation) => `${one.in} ${one.name}`);
      expect(new Set(named).size, where).to.equal(named.length);
    }
  });

  it("describes every body that is read, and who may send it", () => {
    for (const { method, path, callers } of routes) {
      const { requestBody, security } = description.paths[path][method];
      expect(requestBody !== undefined, path).to.equal(method === "post");
      if (requestBody)
        for (const { schema } of Object.values<Operation>(requestBody.content))
          expect(schema.type, path).to.match(/^(object|string)$/);
      expect(security, path).to.deep.equal(callers === undefined ? [] : [{ key: [] }]);
    }
    const { schema } = description.paths["/v1/purchases"].post.requestBody.content["application/json"];
    expect(schema.required).to.have.members(["merchant", "order", "completedAt", "currency", "items"]);
    expect(schema.properties.items.items.properties.price.type).to.equal("string");
  });

  it("holds no reference that leads nowhere", () => {
    const references: string[] = [];
    JSON.stringify(description, (name, value) => {
      if (name === "$ref") references.push(value);
      return value;
    });
    expect(references.filter((reference) => !reference.startsWith("#/"))).to.deep.equal([]);
    const resolve = (reference: string) =>
      reference
        .slice(2)
        .split("/")
        .reduce((inside, step) => inside?.[step.replaceAll("~1", "/").replaceAll("~0", "~")], description);
    expect(references.filter((reference) => resolve(reference) === undefined)).to.deep.equal([]);
  });

  it("is rendered from our own files alone, all of which are there", async () => {
    const page = await call(`${service.url}/docs`);
    expect(page.headers.get("content-type")).to.match(/^text\/html/);
    expect(page.headers.get("content-security-policy"))
      .to.contain("default-src 'self'")
      .and.contain("script-src 'self'");
    const addresses = [...page.body.matchAll(/(?:src|href)="([^"]+)"/g)].map(
      ([, address]) => address as string,
    );
    expect(addresses).to.have.length(3);
    for (const address of addresses) {
      expect(address).to.match(/^\/docs\//);
      expect((await call(`${service.url}${address}`)).status, address).to.equal(200);
    }
    expect(page.body).not.to.match(/https?:\/\//);
    expect((await call(`${service.url}/docs/files/../../package.json`)).status).to.equal(404);
    expect((await call(`${service.url}/docs/files/..%2f..%2fpackage.json`)).status).to.be.within(400, 404);
  });
});
