// /verify and /r/{id}: a receipt, checked in the visitor's own browser.

export default function VerifyPage() {
  return <h1>Amanah</h1>;
}
