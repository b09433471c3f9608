// Where messages may be sent, judged by the address alone; and that a name is judged by what it leads to when it is used.

import { expect } from "chai";
import { post } from "../../../server/jobs/webhooks/post.ts";
import { checkDestination, isPublicAddress } from "../../../server/programmes/webhooks/destination.ts";
import { call } from "../../support/client.ts";
import { NameServer } from "../../support/name-server.ts";
import { expectProblem } from "../../support/problems.ts";
import { startTestService } from "../../support/service.ts";
import { Receiver } from "../../support/webhook-receiver.ts";

describe("destinations of messages", () => {
  const NOT_PUBLIC = [
    ...["127.0.0.1", "10.1.2.3", "172.16.0.1", "172.31.255.255", "192.168.1.1", "169.254.169.254", "0.0.0.0"],
    ...[
      "100.64.0.1",
      "224.0.0.1",
      "255.255.255.255",
      "198.18.0.1",
      "::1",
      "::",
      "fe80::1",
      "fc00::1",
      "fd12::1",
    ],
    ...[
      "::ffff:127.0.0.1",
      "::ffff:10.0.0.1",
      "64:ff9b::7f00:1",
      "2002:7f00:1::",
      "2001:db8::1",
      "ff02::1",
      "no address",
    ],
  ];

  it("are not public where only this machine or its network reaches them", () => {
    expect(NOT_PUBLIC.filter(isPublicAddress)).to.deep.equal([]);
  });

  it("are public elsewhere", () => {
    const addresses = [
      "1.1.1.1",
      "172.32.0.1",
      "192.167.255.255",
      "2606:4700:4700::1111",
      "2a00:1450:4001::1",
    ];
    expect(addresses.filter((address) => !isPublicAddress(address))).to.deep.equal([]);
  });

  it("off the demonstration have TLS and no private address, however it is written", () => {
    const refused = [
      "http://x.example",
      "https://127.0.0.1/",
      "https://2130706433/",
      "https://0x7f.1/",
      "https://[::1]/",
      "https://localhost/",
      "https://a.LOCALHOST./",
    ];
    for (const url of [
      ...refused,
      "https://[::ffff:127.0.0.1]/",
      "https://10.0.0.1:8443/",
      "https://a:b@x.example/",
    ])
      expect(() => checkDestination(url, false), url)
        .to.throw()
        .with.property("code", "wrong-destination");
    expect(checkDestination("https://x.example/hook", false).href).to.equal("https://x.example/hook");
    expect(checkDestination("http://127.0.0.1:9/", true).port).to.equal("9");
  });

  it("are judged when they are named: a real deployment takes none that leads to this machine", async () => {
    const service = await startTestService();
    for (const url of ["http://hooks.example/", "https://127.0.0.1/", "https://localhost/hook"]) {
      const body = { url, events: ["batch.anchored"] };
      const answer = await call(`${service.url}/v1/webhooks`, { key: service.operatorKey, body });
      expectProblem(answer, 422, "wrong-destination");
      const told = JSON.stringify(answer.body).replaceAll(url, "");
      expect(told, "what our resolver knows").not.to.match(/127\.0|::1|ENOTFOUND|EAI_AGAIN/);
    }
    await service.stop();
  });

  it("whose name leads to this machine get nothing, whatever it led to before", async () => {
    const receiver = await new Receiver().start();
    const names = await new NameServer({ "own.example": ["127.0.0.1"] }).start();
    const url = receiver.url.replace("http://127.0.0.1", "https://own.example");
    const asking = { signal: new AbortController().signal, nameServers: [names.address] };
    const posting = { demonstration: false, timeoutMs: 2_000, ...asking };
    const sent = await post({ url, headers: {}, body: "{}" }, posting);
    expect(sent).to.have.property("outcome", "failed");
    expect(JSON.stringify(sent))
      .to.contain("not public")
      .and.not.match(/127\.0\.0\.1|::1/);
    expect(receiver.came).to.deep.equal([]);
    await Promise.all([receiver.stop(), names.stop()]);
  });
});
