// The screen on which answers are judged: a session of its own over the surfaces of labeling.

import { type ReactNode, useEffect, useRef, useState } from 'react'
import { readSchema } from '../../../engine/schema'
import { Session } from '../../../engine/session'
import { KINDS } from '../../../kinds'
import type { Beside } from '../beside'
import { takenKeys } from '../commands'
import { ScreenContext } from '../context'
import { openJournal } from '../journal'
import type { ChosenKeys } from '../key-map'
import type { LabelingProject } from '../LabelingScreen'
import { LoadingScreen } from '../Placeholders'
import { Screen } from '../screen'
import { clock, media, newId, tabs } from '../world'
import { reviewCommands } from './commands'
import { JudgingContext } from './context'
import { Judging } from './judging'
import { reviewApi, reviewJournal } from './port'
import { ReviewLayout } from './ReviewLayout'
import '../labeling.css'
import './review.css'

export interface ReviewScreenProps {
  /** Where the API lies. */
  readonly root: string
  readonly project: LabelingProject
  readonly person: { readonly id: string; readonly email: string }
  /** Whether this person may make items gold. */
  readonly mayGold: boolean
  /** The guideline, precedents and questions; the same for as long as the screen is shown. */
  readonly beside?: Beside
  readonly keys: ChosenKeys
  readonly onKeys: (keys: ChosenKeys) => void
  readonly onLeave: () => void
  /** The project's schema changed meanwhile: load it again. */
  readonly onReload: () => void
}

export function ReviewScreen(props: ReviewScreenProps): ReactNode {
  const { root, project, person } = props
  const [open, setOpen] = useState<{ screen: Screen; judging: Judging } | null>(null)
  const callbacks = useRef(props)
  useEffect(() => {
    callbacks.current = props
  })
  useEffect(() => {
    let here = true
    let session: Session | null = null
    void (async () => {
      const journal = reviewJournal(await openJournal())
      if (!here) return
      const channel = tabs('karat.review')
      const api = reviewApi(root, channel, clock)
      const schema = readSchema(project.schema)
      session = new Session({ api, journal, channel, clock, newId, media, kinds: KINDS, person: person.id, project: project.id, schema, schemaVersion: project.schemaVersion }, { queue: true })
      // A screen asks for its commands once an item is open, and the review is there by then.
      let judging: Judging | null = null
      const found = (): Judging => (judging ??= new Judging(screen, api, callbacks.current.mayGold))
      const screen: Screen = new Screen(session, {
        kinds: KINDS,
        schema,
        projectTitle: project.title,
        projectId: project.id,
        ...(api.words ? { words: (name: string) => api.words?.(project.id, name) ?? Promise.resolve([]) } : {}),
        personId: person.id,
        ...(callbacks.current.beside ? { beside: callbacks.current.beside } : {}),
        onLeave: () => callbacks.current.onLeave(),
        onFinished: null,
        keys: callbacks.current.keys,
        onKeys: (keys) => callbacks.current.onKeys(keys),
        make: (made) => reviewCommands(made, found),
        taken: takenKeys,
      })
      setOpen({ screen, judging: found() })
      await session.begin()
    })()
    return () => {
      here = false
      void session?.end()
    }
  }, [root, person.id, project.id, project.schema, project.schemaVersion, project.title])

  const session = open?.screen.session
  useEffect(() => {
    if (session === undefined) return
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
    // Whoever only reads and looks works too.
    const alive = (): void => session.work?.activity.touch()
    window.addEventListener('online', wake)
    window.addEventListener('pointerdown', alive)
    document.addEventListener('visibilitychange', seen)
    return () => {
      window.removeEventListener('online', wake)
      window.removeEventListener('pointerdown', alive)
      document.removeEventListener('visibilitychange', seen)
    }
  }, [session])

  if (open === null) return <LoadingScreen title={project.title} />
  return (
    <ScreenContext value={open.screen}>
      <JudgingContext value={open.judging}>
        <ReviewLayout email={person.email} schemaVersion={project.schemaVersion} onReload={props.onReload} />
      </JudgingContext>
    </ScreenContext>
  )
}
