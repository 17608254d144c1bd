import { Component, type ReactNode } from 'react';

interface Props {
  readonly instead: ReactNode;
  readonly children: ReactNode;
}

/** Shows something else where its content fails. React has no other form for this than a class. */
export class DrawingBoundary extends Component<Props, { readonly hasFailed: boolean }> {
  override state = { hasFailed: false };

  static getDerivedStateFromError(): { readonly hasFailed: boolean } {
    return { hasFailed: true };
  }

  override render(): ReactNode {
    return this.state.hasFailed ? this.props.instead : this.props.children;
  }
}
