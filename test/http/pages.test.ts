// What a browser is given: the built pages, and the policy that it holds them to. What pages do is seen in test/web.

import { expect } from "chai";
import { call } from "../support/client.ts";
import { startTestService, type TestService } from "../support/service.ts";

describe("the pages' addresses", function () {
  this.timeout(60_000);
  let service: TestService;

  before(async () => {
    service = await startTestService();
  });
  after(() => service.stop());

  const at = (path: string) => call(`${service.url}${path}`);

  for (const path of [
    "/",
    "/verify",
    "/r/0x01",
    "/charities/GB-CHC-1",
    "/batches",
    "/batches/7",
    "/operator",
  ])
    it(`give the document at ${path}, asked anew each time`, async () => {
      const { status, headers, body } = await at(path);
      expect([status, headers.get("cache-control")]).to.deep.equal([200, "no-cache"]);
      expect(body).to.contain('<script type="module"').and.to.contain('id="page"');
    });

  it("name at a receipt's link the code of its page too, which a browser so fetches at once", async () => {
    const preloadedAt = async (path: string) =>
      [...`${(await at(path)).body}`.matchAll(/modulepreload" crossorigin href="([^"]+)"/g)].map(
        ([, url]) => url,
      );
    const [link, other] = [await preloadedAt("/r/0x01"), await preloadedAt("/verify")];
    expect(link).to.include.members(other);
    expect(link.length).to.be.above(other.length);
    for (const url of link) expect((await at(`${url}`)).status).to.equal(200);
  });

  it("allow files of the site alone, and the endpoint of a chain", async () => {
    const policy = (await at("/verify")).headers.get("content-security-policy") ?? "";
    expect(policy).to.contain("default-src 'none'").and.to.contain("script-src 'self'");
    expect(policy).to.contain("frame-ancestors 'none'").and.not.to.contain("unsafe-inline");
    expect(policy).to.contain("connect-src 'self' https:");
  });

  it("load files that are named by their content, and kept for ever", async () => {
    const { body } = await at("/");
    const [, script] = /src="(\/assets\/[^"]+\.js)"/.exec(body) as unknown as [string, string];
    const { status, headers } = await at(script);
    expect([status, headers.get("cache-control")]).to.deep.equal([
      200,
      "public, max-age=31536000, immutable",
    ]);
    expect(headers.get("content-type")).to.contain("javascript");
  });

  it("are no addresses of the API: what there is not is a problem document", async () => {
    const { status, headers } = await at("/assets/none.js");
    expect([status, headers.get("content-type")]).to.deep.equal([
      404,
      "application/problem+json; charset=utf-8",
    ]);
  });
});

describe("/v1/ledger", function () {
  this.timeout(60_000);

  it("says where the ledger lives, and never the endpoint that the service itself uses", async () => {
    const service = await startTestService({ settings: { PUBLIC_RPC_URL: "https://rpc.example" } });
    const { body } = await call(`${service.url}/v1/ledger`);
    await service.stop();
    expect(body).to.deep.include({ demonstration: false, rpcUrl: "https://rpc.example" });
    expect(body.id).to.match(/^0x[0-9a-f]{64}$/);
  });

  it("names no endpoint when the operator names none", async () => {
    const service = await startTestService();
    const { body } = await call(`${service.url}/v1/ledger`);
    await service.stop();
    expect(body).to.deep.include({ rpcUrl: null, chainId: null, contract: null });
  });
});
