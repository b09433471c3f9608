export default function CharitiesPage() {
  return <h1>Charities</h1>;
}
