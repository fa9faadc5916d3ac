import { useState } from 'react';
import { Card, ChoiceCards, Page, TextLink } from '../../ui/index.ts';
import styles from './add-account-page.module.css';
import { DeviceCodeSignIn } from './device-code-sign-in.tsx';
import { ServicePrincipalForm } from './service-principal-form.tsx';

type Method = 'secret' | 'certificate' | 'device-code';

const methods = [
  {
    value: 'secret',
    title: 'Service principal with a client secret',
    text: 'For unattended work. You need the tenant id, the application id and a secret.',
  },
  {
    value: 'certificate',
    title: 'Service principal with a certificate',
    text: 'For unattended work without a shared secret. You need a PEM file with certificate and private key.',
  },
  {
    value: 'device-code',
    title: 'My own user, with a device code',
    text: 'Sign in on any device by typing a short code. Your rights in Azure apply.',
  },
] as const;

export function AddAccountPage() {
  const [method, setMethod] = useState<Method>('secret');
  return (
    <Page
      title="Add account"
      above={<TextLink to="/accounts">Accounts</TextLink>}
      subtitle="Cairn signs in once to prove the account, then reads its subscriptions and virtual machines."
      width="narrow"
    >
      <div className={styles.columns}>
        <ChoiceCards label="Way to sign in" value={method} onChange={setMethod} choices={methods} />
        <Card title={methods.find(({ value }) => value === method)?.title ?? ''}>
          {method === 'device-code' ? (
            <DeviceCodeSignIn />
          ) : (
            <ServicePrincipalForm key={method} kind={method} />
          )}
        </Card>
      </div>
    </Page>
  );
}
