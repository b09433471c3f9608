// The pages: files that were built beforehand, served as they are. Every address of a page gives the same document, which
// finds out by itself what to show; what it shows, it asks of the API and of the chain.

import { existsSync } from "node:fs";
import { join } from "node:path";
import compression from "compression";
import express, { type RequestHandler, Router } from "express";
import helmet from "helmet";
import { UnavailableError } from "../errors.ts";

const BUILT = join(import.meta.dirname, "../../dist/web");

/** Its document has a browser fetch the page's code at once: nobody should wait for a receipt. */
const RECEIPT = "/r/:id";

/** Where else a person may enter. Anything else is unknown to the API, too. */
const ADDRESSES = [
  "/",
  "/verify",
  "/charities",
  "/charities/:id",
  "/campaigns",
  "/campaigns/:id",
  "/batches",
  "/batches/:number",
  "/merchants",
  "/merchants/:id",
  "/programmes",
  "/reports",
  "/reports/:hash",
  "/shops",
  "/shops/:id",
  "/steps",
  "/operator",
  "/activities",
  "/activities/:id",
  "/activities/:id/organiser",
  "/hours",
  "/hours/:id",
];

/**
 * Our own files alone. A page also asks the endpoint of a chain, which is the visitor's choice: any by TLS, or one on their
 * own machine. WebAssembly hashes a million receipts in seconds.
 */
const POLICY = {
  useDefaults: false,
  directives: {
    defaultSrc: ["'none'"],
    scriptSrc: ["'self'", "'wasm-unsafe-eval'"],
    workerSrc: ["'self'"],
    styleSrc: ["'self'"],
    imgSrc: ["'self'", "data:", "blob:"],
    connectSrc: ["'self'", "https:", "http://localhost:*", "http://127.0.0.1:*"],
    baseUri: ["'none'"],
    formAction: ["'self'"],
    frameAncestors: ["'none'"],
  },
};

/** The camera reads a receipt's code; nothing else of the visitor's machine is asked for. */
const allowCamera: RequestHandler = (_request, response, next) => {
  response.setHeader("Permissions-Policy", "camera=(self), microphone=(), geolocation=()");
  next();
};

/** Also compressed: a receipt is opened on a phone. */
const sealed = [
  compression(),
  helmet({
    contentSecurityPolicy: POLICY,
    strictTransportSecurity: false,
    referrerPolicy: { policy: "no-referrer" },
  }),
  allowCamera,
];

const sendPage =
  (name: string): RequestHandler =>
  (_request, response, next) => {
    const page = join(BUILT, name);
    if (!existsSync(page))
      throw new UnavailableError("pages-not-built", "the pages are not built yet: run `npm run setup`", 60);
    response.setHeader("Cache-Control", "no-cache");
    response.sendFile(page, { cacheControl: false }, (error) => {
      if (error) next(error);
    });
  };

/** Files are named by their content: one that a browser has is right for ever. */
const files = (folder: string, maxAge: string) =>
  express.static(join(BUILT, folder), { index: false, immutable: true, maxAge, redirect: false });

/** The one file that other sites load, also those that isolate themselves. */
const toAnySite: RequestHandler = (_request, response, next) => {
  response.set({ "Access-Control-Allow-Origin": "*", "Cross-Origin-Resource-Policy": "cross-origin" });
  next();
};

export function pagesRouter(): Router {
  const router = Router();
  router.get(RECEIPT, ...sealed, sendPage("receipt.html"));
  router.get(ADDRESSES, ...sealed, sendPage("index.html"));
  router.use("/assets", ...sealed, files("assets", "365d"));
  router.get("/badge.js", toAnySite, express.static(BUILT, { index: false, maxAge: "1h" }));
  router.get("/icon.svg", ...sealed, express.static(BUILT, { index: false, maxAge: "1d" }));
  return router;
}
