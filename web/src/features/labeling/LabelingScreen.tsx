// The screen in which items are labeled: opens a session and lays out header, tools, surface and panel.

import { type ReactNode, useEffect, useMemo, useRef, useState } from 'react'
import type { Journal, LabelingApi } from '../../engine/ports'
import { readSchema } from '../../engine/schema'
import { Session, type Start } from '../../engine/session'
import type { Id } from '../../engine/types'
import { KINDS } from '../../kinds'
import { LookupContext } from '../../kinds/lookup'
import type { Beside } from './beside'
import { commandsOf, takenKeys } from './commands'
import { ScreenContext } from './context'
import { openJournal } from './journal'
import type { ChosenKeys } from './key-map'
import { Layout } from './Layout'
import { LoadingScreen } from './Placeholders'
import { Screen } from './screen'
import type { Skipping } from './skipping'
import { clock, media, newId, tabs } from './world'
import './labeling.css'

export interface LabelingProject {
  readonly id: Id
  readonly title: string
  /** The schema document that the server sends. */
  readonly schema: unknown
  readonly schemaVersion: number
  /** What skipping means here. */
  readonly skipping?: Skipping
}

export interface LabelingScreenProps {
  readonly api: LabelingApi
  readonly project: LabelingProject
  readonly person: { readonly id: Id; readonly email: string }
  /** The queue, or one chosen item. */
  readonly mode: Start
  /** Where the logo leads. */
  readonly onLeave?: () => void
  /** A chosen item was handed in: where to go on, e.g. to the next one of the table. */
  readonly onFinished?: (item: Id) => void
  /** Keys that this person chose, by command. */
  readonly keys?: ChosenKeys
  readonly onKeys?: (keys: ChosenKeys) => void
  /** The project's schema changed while labeling: load it again. */
  readonly onReload?: () => void
  /** What stands beside the item; the same for as long as the screen is shown. */
  readonly beside?: Beside
  readonly journal?: Journal
  /** Whether an item that is handed in stays, to show what came of it, until the person goes on. */
  readonly keeps?: () => boolean
  /** The server has an answer. */
  readonly onArrived?: () => void
}

export function LabelingScreen(props: LabelingScreenProps): ReactNode {
  const { api, project, person, mode } = props
  const [screen, setScreen] = useState<Screen | null>(null)
  const callbacks = useRef(props)
  useEffect(() => {
    callbacks.current = props
  })
  const modeKey = 'item' in mode ? mode.item : 'queue'
  const isQueue = modeKey === 'queue'
  const opened = useRef(modeKey)

  useEffect(() => {
    let here = true
    let session: Session | null = null
    void (async () => {
      const journal = callbacks.current.journal ?? (await openJournal())
      if (!here) return
      const schema = readSchema(project.schema)
      const start = isQueue ? { queue: true as const } : { item: opened.current }
      session = new Session({ api, journal, channel: tabs(), clock, newId, media, kinds: KINDS, person: person.id, project: project.id, schema, schemaVersion: project.schemaVersion, keeps: () => callbacks.current.keeps?.() === true, arrived: () => callbacks.current.onArrived?.() }, start)
      setScreen(
        new Screen(session, {
          kinds: KINDS,
          schema,
          projectTitle: project.title,
          projectId: project.id,
          ...(api.words ? { words: (name: string) => api.words?.(project.id, name) ?? Promise.resolve([]) } : {}),
          personId: person.id,
          skipping: () => callbacks.current.project.skipping,
          ...(callbacks.current.beside ? { beside: callbacks.current.beside } : {}),
          onLeave: callbacks.current.onLeave ? () => callbacks.current.onLeave?.() : null,
          onFinished: callbacks.current.onFinished ? (item) => callbacks.current.onFinished?.(item) : null,
          keys: callbacks.current.keys ?? {},
          onKeys: (keys) => callbacks.current.onKeys?.(keys),
          make: commandsOf,
          taken: takenKeys,
        }),
      )
      await session.begin()
    })()
    return () => {
      here = false
      void session?.end()
    }
  }, [api, person.id, project.id, project.schema, project.schemaVersion, project.title, isQueue])

  // One item after another from the table is one session: a submit can still be taken back on the next item.
  useEffect(() => {
    if (isQueue || opened.current === modeKey) return
    opened.current = modeKey
    void screen?.session.openItem(modeKey)
  }, [isQueue, modeKey, screen])

  useEffect(() => {
    if (screen === null) return
    const { session } = screen
    const wake = (): void => {
      if (session.save.kind === 'offline' || session.save.count > 0) session.wake()
    }
    const seen = (): void => {
      if (document.visibilityState === 'visible') {
        session.work?.activity.resume()
        wake()
      } else {
        session.work?.activity.pause()
        void session.work?.sync?.flush()
      }
    }
    window.addEventListener('online', wake)
    document.addEventListener('visibilitychange', seen)
    return () => {
      window.removeEventListener('online', wake)
      document.removeEventListener('visibilitychange', seen)
    }
  }, [screen])

  const lookup = useMemo(() => screen?.session.lookup ?? null, [screen])
  if (screen === null) return <LoadingScreen title={project.title} />
  return (
    <ScreenContext value={screen}>
      <LookupContext value={lookup}>
        <Layout person={person} onReload={props.onReload} schemaVersion={project.schemaVersion} />
      </LookupContext>
    </ScreenContext>
  )
}
