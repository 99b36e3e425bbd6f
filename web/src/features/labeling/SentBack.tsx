// What a reviewer asks for who sent an answer back, above the item as long as it is open.

import { type ReactNode, useEffect, useState } from 'react'
import { failureOf } from '../../engine/failure'
import type { Feedback } from '../../engine/types'
import type { Work } from '../../engine/work'
import { Icon } from '../../ui/Icon'
import { Button } from '../../ui/parts'
import { m } from './messages'
import type { Screen } from './screen'

export function SentBack({ screen, work }: { screen: Screen; work: Work }): ReactNode {
  const [said, setSaid] = useState<Feedback | null>(null)
  useEffect(() => {
    let here = true
    void screen.session.sentBack(work).then(
      (found) => here && setSaid(found),
      // Without a connection the item can be answered all the same; its own page of feedback says why later.
      (error: unknown) => failureOf(error),
    )
    return () => {
      here = false
    }
  }, [screen, work])
  if (said === null) return null
  const about = said.defects.map((defect) => (defect.annotation ? work.store.get(defect.annotation) : null)).filter((one) => one !== null)
  const words = said.defects.map(({ code, annotation, note }) => {
    const named = annotation ? work.store.get(annotation) : null
    return [said.titles[code] ?? code, named ? screen.nameOf(named) : '', note ?? ''].filter(Boolean).join(', ')
  })
  return (
    <div className="floatbar tst sent-back" role="status">
      <span className="warn"><Icon name="left" /></span>
      <span className="words">
        <b>{m.sentBack}</b> {[...words, said.note].filter(Boolean).join('. ')}
        <small className="t2">{m.sentBackDo}</small>
      </span>
      {about.length > 0 && <Button look="quiet" size="small" onClick={() => { screen.view.select(...about.map((one) => one.id)); if (about[0]) screen.reveal(about[0]) }}>{m.sentBackShow}</Button>}
      <Button look="quiet" size="small" onClick={() => setSaid(null)}>{m.dismiss}</Button>
    </div>
  )
}
