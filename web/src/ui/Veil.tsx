// A cover over what may disturb: what lies under it is neither seen nor read out until somebody asks for it.

import type { ReactNode } from 'react'
import { catalogue } from './messages'
import { Icon } from './Icon'
import { Button } from './parts'
import './veil.css'

const m = catalogue('veil', {
  title: 'Covered, since it may disturb',
  text: 'Lift the veil when you are ready to look.',
  lift: 'Show it',
  always: 'Always show in this project',
})

export interface VeilProps {
  readonly onLift: () => void
  readonly onAlways?: () => void
  readonly keys?: string | undefined
  /** A picture, which is blurred to nothing but colours; words are not there at all. */
  readonly children?: ReactNode
}

export function Veil({ onLift, onAlways, keys, children }: VeilProps): ReactNode {
  return (
    <div className="veil">
      {children && <div className="veiled" inert aria-hidden="true">{children}</div>}
      <div className="veil-note" role="group" aria-label={m.title}>
        <Icon name="eyeoff" />
        <p className="md">{m.title}</p>
        <p className="t2 f12">{m.text}</p>
        <div className="row g2 wrap">
          <Button look="primary" keys={keys} onClick={onLift}>{m.lift}</Button>
          {onAlways && <Button look="quiet" onClick={onAlways}>{m.always}</Button>}
        </div>
      </div>
    </div>
  )
}
