export { ItemsPage, type ItemsSearch } from './ItemsPage'
