// The languages of the pages; badges on other sites speak the same.

export * from "../../programmes/languages.ts";
