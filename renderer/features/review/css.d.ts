// Custom properties in `style`, as React's types do not know them by themselves.
import 'react';

declare module 'react' {
  interface CSSProperties {
    [name: `--${string}`]: string | number | undefined;
  }
}
