// A page that shows the labeling screen on a server in memory. Not part of the product.
// ?scene=street|letter|relations|arrows|many|polygons|masks|ragged|keypoints|long|topics &boxes=1000 &polygons=1000 &masks=30 &holes=40 &corners=50 &keypoints=1000 &spans=2000 &characters=1000000 &theme=dark

import { createRoot } from 'react-dom/client'
import { MemoryJournal } from '../../../engine/memory'
import { FakeServer } from '../../../engine/testing/server'
import type { Annotation, TaskItem } from '../../../engine/types'
import { Look } from '../../../ui/Look'
import '../../../ui/styles'
import { LabelingPreview } from '../LabelingPreview'
import { LabelingScreen } from '../LabelingScreen'
import { LETTER_RELATIONS, LETTER_SPANS, letterItem, LETTERS, longLetter, manyBoxes, manyPeople, manyMasks, manyPolygons, PEOPLE, PAINTED, PLOTS, RELATED, raggedMask, RELATED_STREET, STREET, STREET_BOXES, STREET_RELATIONS, streetItem } from './data'

const query = new URLSearchParams(location.search)
const theme = query.get('theme')
if (theme) {
  document.documentElement.dataset['theme'] = theme
  localStorage.setItem('karat.theme', theme)
}
const number = (name: string, usual: number): number => Number(query.get(name) ?? usual)

interface Scene {
  readonly title: string
  readonly schema: unknown
  readonly items: readonly TaskItem[]
  readonly drafts: Readonly<Record<string, readonly Annotation[]>>
}

const TOPICS = {
  streams: { text: { kind: 'text', title: 'Text' } },
  fields: {
    topic: { kind: 'choice', title: 'Topic', required: true, options: { card: { title: 'Card lost or stolen', definition: 'The card itself is gone.' }, transfer: { title: 'Transfer' }, fee: { title: 'Fee or charge' }, other: { title: 'Something else' } } },
    tone: { kind: 'choice', title: 'Tone', multiple: true, options: { angry: { title: 'Angry' }, polite: { title: 'Polite' }, unsure: { title: 'Unsure' } } },
    note: { kind: 'text', title: 'Note', multiline: true, max_length: 120 },
  },
}

function scene(): Scene {
  const picture = query.get('picture') ?? '/street.svg.png'
  switch (query.get('scene')) {
    case 'letter':
      return { title: 'Discharge letters', schema: LETTERS, items: [letterItem('4,081'), letterItem('4,082'), letterItem('4,083')], drafts: { '4,081': LETTER_SPANS } }
    case 'relations':
      return { title: 'Discharge letters', schema: RELATED, items: [letterItem('4,081'), letterItem('4,082')], drafts: { '4,081': [...LETTER_SPANS, ...LETTER_RELATIONS] } }
    case 'arrows':
      return { title: 'Street objects', schema: RELATED_STREET, items: [streetItem('127', picture), streetItem('128', picture)], drafts: { '127': [...STREET_BOXES, ...STREET_RELATIONS] } }
    case 'long': {
      const { text, annotations } = longLetter(number('characters', 1_000_000), number('spans', 2_000))
      return { title: 'Long text', schema: LETTERS, items: [letterItem('1', text)], drafts: { '1': annotations } }
    }
    case 'many':
      return { title: 'Many boxes', schema: STREET, items: [streetItem('1', picture, number('width', 1124), number('height', 760))], drafts: { '1': manyBoxes(number('boxes', 1_000), number('width', 1124), number('height', 760)) } }
    case 'keypoints': {
      const [width, height] = [number('width', 1124), number('height', 760)]
      return { title: 'People', schema: PEOPLE, items: [streetItem('1', picture, width, height)], drafts: { '1': manyPeople(number('keypoints', 1_000), width, height) } }
    }
    case 'polygons': {
      const [width, height] = [number('width', 1124), number('height', 760)]
      return { title: 'Polygons', schema: PLOTS, items: [streetItem('1', picture, width, height)], drafts: { '1': manyPolygons(number('polygons', 1_000), number('corners', 50), width, height) } }
    }
    case 'masks': {
      const [width, height] = [number('width', 1124), number('height', 760)]
      const ids = ['1', '2', '3', '4']
      return { title: 'Masks', schema: PAINTED, items: ids.map((id) => streetItem(id, picture, width, height)), drafts: Object.fromEntries(ids.map((id) => [id, manyMasks(number('masks', 30), width, height)])) }
    }
    case 'ragged': {
      const [width, height] = [number('width', 1124), number('height', 760)]
      return { title: 'Masks', schema: PAINTED, items: ['1', '2'].map((id) => streetItem(id, picture, width, height)), drafts: { '1': raggedMask(number('holes', 40), width, height) } }
    }
    case 'topics':
      return { title: 'Bank questions', schema: TOPICS, items: ['I still have not received my new card, I ordered over a week ago.', 'Why was I charged a fee?', 'Hello'].map((text, i) => ({ id: String(i + 1), key: String(i + 1), revision: 1, streams: { text: { kind: 'text', text, facts: { length: text.length } } }, metadata: {} })), drafts: {} }
    case 'broken':
      return { title: 'Street objects', schema: STREET, items: [streetItem('128', '/not-there.jpg'), streetItem('129', picture)], drafts: {} }
    default:
      return { title: 'Street objects', schema: STREET, items: ['127', '128', '129', '130', '131'].map((id) => streetItem(id, picture)), drafts: { '127': STREET_BOXES } }
  }
}

const { title, schema, items, drafts } = scene()
const server = new FakeServer(items)
server.latency = () => new Promise((done) => setTimeout(done, number('latency', 15)))
for (const [item, annotations] of Object.entries(drafts)) server.drafts.set(item, { seq: 1, annotations: new Map(annotations.map((a) => [a.id, a])), applied: new Map() })
const project = { id: 'p', title, schema, schemaVersion: 1 }
const person = { id: 'person-1', email: 'me@example.org' }
const mode = query.get('item') ? { item: query.get('item') ?? '' } : ({ queue: true } as const)
const journal = query.get('journal') === 'browser' ? undefined : new MemoryJournal()

// The bench and the tests steer the server from outside.
Object.assign(window, { karatServer: server })

const root = document.getElementById('root')
if (root) {
  createRoot(root).render(
    <Look>
      {query.get('scene') === 'preview' ? (
        <div style={{ width: 900, height: 560, margin: 40, boxShadow: 'var(--float)' }}>
          <LabelingPreview schema={query.get('of') === 'text' ? LETTERS : STREET} title="Preview" />
        </div>
      ) : (
        <LabelingScreen api={server} project={project} person={person} mode={mode} journal={journal} onLeave={() => undefined} />
      )}
    </Look>,
  )
}
