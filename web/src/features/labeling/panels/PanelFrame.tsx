// A panel that the project brings itself, in a frame from which it can reach nothing: no network, no cookie, not this page.
// Everything it says comes by one port, which dies with its document, and is read by `contract` before anybody believes it.

import { type ReactNode, useEffect, useLayoutEffect, useRef, useState } from 'react'
import type { Panel } from '../../../engine/schema'
import type { Work } from '../../../engine/work'
import { useTheme } from '../../../ui/Look'
import { useScreen } from '../context'
import { m } from '../messages'
import type { Screen } from '../screen'
import { isReady, type Look, readPanel } from './contract'
import { Conversation } from './conversation'
import { handOn } from './keys'

export function PanelFrame({ panel, work, fills }: { panel: Panel; work: Work; fills?: boolean }): ReactNode {
  const screen = useScreen()
  const frame = useRef<HTMLIFrameElement>(null)
  const talk = useRef<Conversation | null>(null)
  const [height, setHeight] = useState(panel.height)
  const [problem, setProblem] = useState('')
  const src = screen.session.panelUrl(panel.module)
  const look = useLook(work.isFinal)
  const latest = useRef(look)

  // Before the frame has loaded: its first word must find somebody who listens.
  useLayoutEffect(() => {
    const asked = { work, kinds: screen.kinds, panel, onHeight: setHeight, onProblem: setProblem, onKey: handOn(screen, frame), blob }
    const opened = (port: MessagePort): Conversation => new Conversation({ ...asked, look: latest.current, post: (said) => port.postMessage(said) })
    return listen(frame, opened, setProblem, (conversation) => (talk.current = conversation))
  }, [work, screen, panel])

  useEffect(() => {
    latest.current = look
    talk.current?.update(look)
  })

  return (
    <>
      {src === null ? (
        <p className="t3 f12 para">{m.panelPreview}</p>
      ) : (
        <iframe ref={frame} className="panel-frame" title={panel.title} src={src} sandbox="allow-scripts" allow="" referrerPolicy="no-referrer" style={{ height: fills ? '100%' : height }} />
      )}
      {problem !== '' && <p className="bad f11 point" role="alert">{m.panelProblem(problem)}</p>}
    </>
  )
}

/** Panels of the side, each under its name. */
export function SidePanels({ screen, work }: { screen: Screen; work: Work }): ReactNode {
  return (screen.schema.panels ?? []).filter((panel) => panel.place === 'side').map((panel) => (
    <section key={`${work.task.item.id} ${panel.key}`} className="sec">
      <h2 className="sh" dir="auto">{panel.title}</h2>
      <PanelFrame panel={panel} work={work} />
    </section>
  ))
}

/** Waits for the panel's first word, gives it a port, and closes the port when the frame leaves for another document. */
function listen(frame: { readonly current: HTMLIFrameElement | null }, opened: (port: MessagePort) => Conversation, onProblem: (text: string) => void, keep: (talk: Conversation | null) => void): () => void {
  let port: MessagePort | null = null
  const first = ({ source, origin, data }: MessageEvent): void => {
    // A sandboxed document has the origin "null"; any other would be a page that got into the frame.
    if (port !== null || source === null || source !== frame.current?.contentWindow || origin !== 'null' || !isReady(data)) return
    const channel = new MessageChannel()
    port = channel.port1
    const conversation = opened(port)
    port.onmessage = ({ data: said }) => {
      const read = readPanel(said)
      if (read !== null) conversation.hear(read)
    }
    frame.current.contentWindow?.postMessage({ karat: 1, type: 'port' }, '*', [channel.port2])
    keep(conversation)
    conversation.begin().catch((error: unknown) => onProblem(error instanceof Error ? error.message : String(error)))
  }
  let loads = 0
  const loaded = (): void => {
    loads += 1
    if (loads === 1) return
    keep(null)
    port?.close()
    onProblem(m.panelLeft)
  }
  const element = frame.current
  window.addEventListener('message', first)
  element?.addEventListener('load', loaded)
  return () => {
    window.removeEventListener('message', first)
    element?.removeEventListener('load', loaded)
    keep(null)
    port?.close()
  }
}

async function blob(url: string): Promise<Blob> {
  const answer = await fetch(url, { credentials: 'same-origin' })
  if (!answer.ok) throw new Error(m.panelPicture(answer.status))
  return answer.blob()
}

function useLook(isFinal: boolean): Look {
  const chosen = useTheme()
  const [isDark, setDark] = useState(() => window.matchMedia('(prefers-color-scheme: dark)').matches)
  useEffect(() => {
    const system = window.matchMedia('(prefers-color-scheme: dark)')
    const follow = (): void => setDark(system.matches)
    system.addEventListener('change', follow)
    return () => system.removeEventListener('change', follow)
  }, [])
  const theme = chosen === 'system' ? (isDark ? 'dark' : 'light') : chosen
  return { theme, locale: document.documentElement.lang || 'en', readonly: isFinal }
}
