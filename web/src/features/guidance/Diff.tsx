// What changed between two versions: what is as before is folded away but for a few lines around each change.
import { useMemo } from 'react'
import type { GuidelineChanges } from '../../api'
import { m } from './messages'

const AROUND = 2

export interface Piece {
  op: 'same' | 'added' | 'removed' | 'skip'
  text: string
}

/** The lines that are shown, with how many are left out between them. */
export function folded(lines: readonly { op: string; text: string }[]): Piece[] {
  const near = lines.map((_, i) => lines.slice(Math.max(0, i - AROUND), i + AROUND + 1).some((l) => l.op !== 'same'))
  const found: Piece[] = []
  let skipped = 0
  const close = () => {
    if (skipped > 0) found.push({ op: 'skip', text: m.unchanged(skipped) })
    skipped = 0
  }
  lines.forEach((line, i) => {
    if (!near[i]) return void (skipped += 1)
    close()
    found.push({ op: line.op as Piece['op'], text: line.text })
  })
  close()
  return found
}

export function Diff({ changes }: { changes: GuidelineChanges }) {
  const pieces = useMemo(() => folded(changes.lines), [changes])
  if (changes.changed === 0) return <p className="t3">{m.noChanges}</p>
  return (
    <div className="guide-diff" dir="auto" tabIndex={0} role="region" aria-label={m.changes}>
      {pieces.map((piece, i) => <div key={i} className={piece.op}>{piece.text || ' '}</div>)}
    </div>
  )
}
