// The labeling screen in a small window, for a schema that is still being written. Nothing is stored.

import { type ReactNode, useEffect, useMemo, useState } from 'react'
import { MemoryChannel, MemoryJournal } from '../../engine/memory'
import { readSchema } from '../../engine/schema'
import { Session } from '../../engine/session'
import { KINDS } from '../../kinds'
import { commandsOf, takenKeys } from './commands'
import { ScreenContext } from './context'
import { Layout } from './Layout'
import { previewApi, type Sample } from './preview-api'
import { Screen } from './screen'
import { clock, media, newId } from './world'
import './labeling.css'

export interface LabelingPreviewProps {
  /** The schema document, as the server checked it. */
  readonly schema: unknown
  readonly title: string
  /** What stands for an item: texts and pictures by stream; streams without one get an example. */
  readonly sample?: Sample
}

export function LabelingPreview({ schema: document, title, sample }: LabelingPreviewProps): ReactNode {
  const shape = JSON.stringify(document)
  const schema = useMemo(() => readSchema(JSON.parse(shape)), [shape])
  const given = JSON.stringify(sample ?? {})
  const [screen, setScreen] = useState<Screen | null>(null)
  useEffect(() => {
    const api = previewApi(schema, JSON.parse(given) as Sample)
    const session = new Session({ api, journal: new MemoryJournal(), channel: new MemoryChannel().tab(), clock, newId, media, kinds: KINDS, person: 'preview', project: 'preview', schema, schemaVersion: 1 }, { item: 'preview' })
    setScreen(new Screen(session, { kinds: KINDS, schema, projectTitle: title, projectId: 'preview', onLeave: null, onFinished: () => void session.openItem('preview'), keys: {}, onKeys: null, make: commandsOf, taken: takenKeys }))
    void session.begin()
    return () => void session.end()
  }, [schema, given, title])
  if (screen === null) return null
  return (
    <ScreenContext value={screen}>
      <Layout person={{ id: 'preview', email: '' }} schemaVersion={1} onReload={undefined} preview />
    </ScreenContext>
  )
}
