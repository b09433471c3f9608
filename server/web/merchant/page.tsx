export default function MerchantPage() {
  return <h1>Merchant</h1>;
}
