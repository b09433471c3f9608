export default function CharityPage() {
  return <h1>Charity</h1>;
}
