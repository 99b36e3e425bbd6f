// The keys that a person has chosen, kept with their account: for all projects, and for one of them.
import { useQueryClient } from '@tanstack/react-query'
import { useCallback, useMemo } from 'react'
import { people, type Me } from '../api'
import type { ChosenKeys } from '../features/labeling'
import { meQuery } from './session'

export function useKeys(me: Me, project: string): { keys: ChosenKeys; keepKeys: (chosen: ChosenKeys) => void } {
  const client = useQueryClient()
  const own = `keys ${project}`
  const everywhere = me.settings['keys'] as ChosenKeys['everywhere']
  const here = me.settings[own] as ChosenKeys['here']
  const keys = useMemo(() => ({ ...(everywhere && { everywhere }), ...(here && { here }) }), [everywhere, here])
  const keepKeys = useCallback(
    (chosen: ChosenKeys) => {
      const settings = { keys: chosen.everywhere ?? {}, [own]: chosen.here && Object.keys(chosen.here).length > 0 ? chosen.here : null }
      void people.changeMe({ settings }).then((now) => client.setQueryData(meQuery.queryKey, now))
    },
    [client, own],
  )
  return { keys, keepKeys }
}
