import { EmptyState, Page, TextLink } from '../ui/index.ts';

export function NotFoundPage() {
  return (
    <Page title="No such page">
      <EmptyState
        title="There is nothing at this address"
        text="The address may be from an older version of the console."
        action={<TextLink to="/">Go to the overview</TextLink>}
      />
    </Page>
  );
}
