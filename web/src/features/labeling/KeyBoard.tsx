// The keys as they lie under the hands, each with what it does.

import type { ReactNode } from 'react'
import type { Command } from '../../engine/command'
import { Icon, type IconName } from '../../ui/Icon'
import { Mark } from '../../ui/Mark'
import type { Screen } from './screen'

const ROWS: readonly { readonly keys: string; readonly indent: number }[] = [
  { keys: '1234567890', indent: 0 },
  { keys: 'QWERTYUIOP', indent: 16 },
  { keys: 'ASDFGHJKL', indent: 26 },
  { keys: 'ZXCVBNM', indent: 44 },
]

export function KeyBoard({ commands, pressed }: { commands: readonly Command<Screen>[]; pressed: string | null }): ReactNode {
  return (
    <div className="key-board" aria-hidden="true">
      {ROWS.map(({ keys, indent }) => (
        <div key={keys} style={{ paddingLeft: indent }}>
          {[...keys].map((key) => {
            const command = commands.find((c) => c.keys.includes(key))
            return (
              <span key={key} className={['kc', command ? 'used' : '', pressed === key ? 'pressed' : ''].filter(Boolean).join(' ')} title={command?.title}>
                <b>{key}</b>
                {command && (command.mark !== undefined ? <Mark index={command.mark} /> : <Icon name={(command.icon as IconName | undefined) ?? 'dia'} small />)}
              </span>
            )
          })}
        </div>
      ))}
    </div>
  )
}
