// Everything that stands around the pages: look, data, routes.
import { Look } from '../ui'

export function App() {
  return <Look>Karat</Look>
}
