import { cleanup, fireEvent, render, screen } from '@testing-library/react';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { AppError } from '../../core/contract/index.ts';
import { ErrorNotice } from './error-notice.tsx';

afterEach(cleanup);

const error = new AppError('permission-denied', {
  message: 'The account may not take snapshots.',
  hint: 'Give it the role “Disk Snapshot Contributor”.',
  details: { action: 'Microsoft.Compute/snapshots/write' },
});

describe('ErrorNotice', () => {
  it('says what happened and what to do, and keeps the details folded until asked', () => {
    render(<ErrorNotice error={error} />);
    const notice = screen.getByRole('alert');
    expect(notice.textContent).toContain('The account may not take snapshots.');
    expect(notice.textContent).toContain('Give it the role “Disk Snapshot Contributor”.');
    expect(screen.queryByText('Microsoft.Compute/snapshots/write')?.closest('[hidden]')).not.toBeNull();

    const fold = screen.getByRole('button', { name: 'Show details' });
    expect(fold.getAttribute('aria-expanded')).toBe('false');
    fireEvent.click(fold);
    expect(fold.getAttribute('aria-expanded')).toBe('true');
    expect(screen.getByText('Microsoft.Compute/snapshots/write').closest('[hidden]')).toBeNull();
    expect(screen.getByText('permission-denied').closest('[hidden]')).toBeNull();
  });

  it('offers another try only where there is one', () => {
    const retry = vi.fn();
    const { rerender } = render(<ErrorNotice error={error} />);
    expect(screen.queryByRole('button', { name: 'Try again' })).toBeNull();
    rerender(<ErrorNotice error={error} onRetry={retry} />);
    fireEvent.click(screen.getByRole('button', { name: 'Try again' }));
    expect(retry).toHaveBeenCalledOnce();
  });
});
