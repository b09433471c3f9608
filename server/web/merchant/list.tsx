export default function MerchantsPage() {
  return <h1>Merchants</h1>;
}
