// Where the browser part starts.
import '../ui/styles'
import { createRoot } from 'react-dom/client'
import { App } from './App'

const root = document.getElementById('root')
if (root) createRoot(root).render(<App />)

// After an update of the server, code that a page still wants is gone: the page as it is now has it. Once, so that what
// is gone for good cannot make it load for ever.
const RELOADED = 'karat.reloaded'
window.addEventListener('vite:preloadError', (event) => {
  if (Date.now() - Number(sessionStorage.getItem(RELOADED) ?? 0) < 60_000) return
  sessionStorage.setItem(RELOADED, String(Date.now()))
  event.preventDefault()
  window.location.reload()
})
