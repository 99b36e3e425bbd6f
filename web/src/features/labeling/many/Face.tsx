// What an item looks like small: its first picture, or the beginning of its text.

import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { items } from '../../../api'
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
  if (stream.kind !== 'image') return <Words item={row.id} name={name} text={stream.text} />
  if (broken) return <p className="t3 f12">{m.noPicture}</p>
  return <img src={items.streamAddress(row.id, name, 'thumb')} alt="" loading="lazy" decoding="async" draggable={false} onError={() => setBroken(true)} />
}

function Words({ item, name, text }: { item: string; name: string; text: string | null | undefined }): ReactNode {
  const read = useQuery({ queryKey: ['text', item, name], queryFn: ({ signal }) => items.streamText(item, name, signal), staleTime: Infinity, enabled: typeof text !== 'string' })
  return <p dir="auto">{(text ?? read.data)?.slice(0, SHOWN) ?? (read.isError ? m.noText : '')}</p>
}

/** The beginning of an item's text, for those who hear it. */
export function spokenOf(row: Row): string {
  const text = faceOf(row)?.[1].text
  return text ? `: ${text.slice(0, 120)}` : ''
}
