// What an item looks like small: its first picture, or the beginning of its text.

import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { items } from '../../../api'
import { tableOf, written } from '../../../engine/tables'
import { turnsOf } from '../../../engine/talk'
import type { Json } from '../../../engine/types'
import type { Row } from './cards'
import { m } from './messages'

const SHOWN = 600

/** The stream that stands for an item: its first picture, else its first stream. */
export function faceOf(row: Row): readonly [string, Row['streams'][string]] | undefined {
  const all = Object.entries(row.streams)
  return all.find(([, stream]) => stream.kind === 'image') ?? all[0]
}

export function Face({ row }: { row: Row }): ReactNode {
  const [broken, setBroken] = useState(false)
  const face = faceOf(row)
  if (!face) return <p className="t3">{m.noText}</p>
  const [name, stream] = face
  if (stream.kind !== 'image') return <Words item={row.id} name={name} kind={stream.kind} text={stream.text} />
  if (broken) return <p className="t3 f12">{m.noPicture}</p>
  return <img src={items.streamAddress(row.id, name, 'thumb')} alt="" loading="lazy" decoding="async" draggable={false} onError={() => setBroken(true)} />
}

function Words({ item, name, kind, text }: { item: string; name: string; kind: string; text: string | null | undefined }): ReactNode {
  const read = useQuery({ queryKey: ['text', item, name], queryFn: ({ signal }) => items.streamText(item, name, signal), staleTime: Infinity, enabled: typeof text !== 'string' })
  const found = text ?? read.data
  return <p dir="auto" className={kind === 'table' ? 'many-lines' : undefined}>{found === undefined ? (read.isError ? m.noText : '') : wordsOf(kind, found).slice(0, SHOWN)}</p>
}

/** What people read in a stream, as the server has it in its lists. */
function wordsOf(kind: string, text: string): string {
  if (kind === 'dialogue') return text.startsWith('[') ? turnsOf(text).map((turn) => `${turn.role}: ${turn.content}`).join('\n\n') : text
  const table = kind === 'table' ? tableOf(text) : null
  if (table === null) return text
  const [only, ...more] = table.rows
  if (only && more.length === 0) return table.columns.map((column, at) => `${column}: ${written(only[at])}`).join('\n')
  return table.rows.slice(0, 12).map((cells) => cells.map(written).join(', ')).join('\n')
}

/** The beginning of an item's text, for those who hear it. */
export function spokenOf(row: Row): string {
  const face = faceOf(row)?.[1]
  return face?.text ? `: ${wordsOf(face.kind, face.text).slice(0, 120)}` : ''
}

/** What a row of the page has under each name: its metadata, and the cells of a table of one row. */
export function valuesOf(row: Row): Readonly<Record<string, Json>> {
  const cells = Object.values(row.streams).flatMap((stream) => {
    const table = stream.kind === 'table' && stream.text ? tableOf(stream.text) : null
    const [only, ...more] = table?.rows ?? []
    return table && only && more.length === 0 ? table.columns.map((column, at) => [column, only[at] ?? null] as const) : []
  })
  return { ...Object.fromEntries(cells), ...row.metadata }
}
