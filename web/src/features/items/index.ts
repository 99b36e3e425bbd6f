export { ItemsPage, type ItemsSearch } from './ItemsPage'
export type { ReviewsOf } from './Preview'
