// What single requests are held against: Express parses the same body, and nothing else happens. Prints its port.

import express from "express";

const server = express()
  .disable("x-powered-by")
  .disable("etag")
  .use(express.json({ limit: 1_000_000, strict: false, type: () => true }))
  .post("/v1/purchases", (_request, response) => {
    response.status(201).json({});
  })
  .listen(0, "127.0.0.1", () => console.log(JSON.stringify(server.address())));
