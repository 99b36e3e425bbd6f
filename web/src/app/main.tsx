// Where the browser part starts.
import '../ui/styles'
import { createRoot } from 'react-dom/client'
import { App } from './App'

const root = document.getElementById('root')
if (root) createRoot(root).render(<App />)

// After an update of the server, code that a page still wants is gone: the page as it is now has it. Once, so that what
// is gone for good cannot make it load for ever; and only where the server answers, since without a connection a page that
// loads itself again is a page lost.
const RELOADED = 'karat.reloaded'
window.addEventListener('vite:preloadError', () => {
  if (Date.now() - Number(sessionStorage.getItem(RELOADED) ?? 0) < 60_000) return
  fetch(window.location.href, { method: 'HEAD', cache: 'no-store' }).then(
    (answer) => {
      if (!answer.ok) return
      sessionStorage.setItem(RELOADED, String(Date.now()))
      window.location.reload()
    },
    () => undefined, // no connection: whoever wanted the code says so, and asks again
  )
})
