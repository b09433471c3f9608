// /badge.js: a shop's badge on the shop's own site, by one script tag. Real text in a link, in a shadow root that the site's
// styles do not reach. It keeps nothing, sets no cookie, and asks for nothing but the words. One file, without imports:
//
//   <script src="https://…/badge.js" data-merchant="tea" async></script>   (data-theme: light or dark; data-lang: id, zh-CN)

(() => {
  type Words = { readonly text: string; readonly verify: string; readonly lang: string };

  /** Until the words are there, and where a site's policy lets none be asked for. */
  const GENERAL: Record<string, Words> = {
    en: { text: "See what this shop gives", verify: "Verify", lang: "en" },
    id: { text: "Lihat apa yang diberikan toko ini", verify: "Periksa", lang: "id" },
    zh: { text: "看看这家店捐了什么", verify: "核验", lang: "zh-CN" },
  };

  const LIGHT = "--g:#fff;--e:#c9d3d0;--i:#16211e;--b:#0b6b57;--o:#fff";
  const DARK = "--g:#12171a;--e:#3a464b;--i:#e6ecea;--b:#5fd0b4;--o:#08201a";
  const PLAIN =
    "a{display:inline-flex;flex-wrap:wrap;align-items:center;gap:8px 12px;max-width:100%;box-sizing:border-box;" +
    "padding:8px 12px;border:1px solid var(--e);border-radius:8px;background:var(--g);color:var(--i);" +
    "font:14px/1.4 system-ui,-apple-system,'Segoe UI',Roboto,'PingFang SC','Noto Sans SC',sans-serif;text-decoration:none}" +
    "a:focus-visible{outline:3px solid var(--b);outline-offset:2px}" +
    "b{padding:2px 10px;border-radius:6px;background:var(--b);color:var(--o);font-weight:600}";

  const stylesFor = (theme: string | undefined): string => {
    if (theme === "light" || theme === "dark")
      return `:host{color-scheme:${theme};${theme === "dark" ? DARK : LIGHT}}`;
    return `:host{color-scheme:light dark;${LIGHT}}@media (prefers-color-scheme:dark){:host{${DARK}}}`;
  };

  const script = document.currentScript as HTMLScriptElement | null;
  const merchant = script?.dataset.merchant;
  if (script === null || merchant === undefined) return;

  const lang = script.dataset.lang || document.documentElement.lang || "en";
  const name = encodeURIComponent(merchant);
  const at = (path: string) => new URL(path, script.src).href;

  const link = document.createElement("a");
  link.href = at(`/merchants/${name}`);
  link.rel = "noopener";
  const text = document.createElement("span");
  const verify = document.createElement("b");
  link.append(text, verify);

  const show = (words: Words) => {
    [text.textContent, verify.textContent, link.lang] = [words.text, words.verify, words.lang];
  };

  const place = document.createElement("span");
  const root = place.attachShadow({ mode: "open" });
  // A sheet that is made by a script needs no leave of the site's policy for inline styles.
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(stylesFor(script.dataset.theme) + PLAIN);
  root.adoptedStyleSheets = [sheet];
  root.append(link);
  show((GENERAL[lang.slice(0, 2).toLowerCase()] ?? GENERAL.en) as Words);
  script.after(place);

  fetch(at(`/badges/${name}.json?lang=${encodeURIComponent(lang)}`), { credentials: "omit" })
    .then((answer) => {
      // A badge of a shop that is not known here would claim what nobody can verify.
      if (answer.status === 404) place.remove();
      return answer.ok ? answer.json() : undefined;
    })
    .then((words: Words | undefined) => words && show(words))
    // Then the link stands as it is: it leads to the same page.
    .catch(() => {});
})();
