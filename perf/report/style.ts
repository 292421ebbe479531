/** Both schemes by the reader's own setting; no fonts, scripts or pictures from anywhere. */
export const STYLE = `
:root { color-scheme: light dark; --paper: #ffffff; --ink: #1d2330; --faint: #6b7385; --rule: #d9dde5; --node: #2463c4; --workerd: #b4530a; --peer: #a9b2c3; }
@media (prefers-color-scheme: dark) { :root { --paper: #14171d; --ink: #e6e9ef; --faint: #98a1b3; --rule: #333a47; --node: #7cb0ff; --workerd: #f2a65a; --peer: #596378; } }
body { margin: 0 auto; max-width: 1000px; padding: 24px; background: var(--paper); color: var(--ink); font: 15px/1.5 system-ui, sans-serif; }
h1 { font-size: 24px; margin: 0 0 4px; } h2 { font-size: 18px; margin: 36px 0 0; border-top: 1px solid var(--rule); padding-top: 16px; }
p { margin: 4px 0 12px; color: var(--faint); } nav a { margin-right: 12px; color: var(--node); }
.charts { display: grid; grid-template-columns: repeat(auto-fill, minmax(290px, 1fr)); gap: 16px; }
figure { margin: 0; } figure.wide { grid-column: 1 / -1; max-width: 680px; } figcaption { font-size: 13px; color: var(--faint); }
figcaption span { margin-left: 8px; } figcaption .node b { color: var(--node); } figcaption .workerd b { color: var(--workerd); }
svg { display: block; width: 100%; height: auto; } svg text { font: 11px system-ui, sans-serif; fill: var(--faint); } .wide text { font-size: 12px; fill: var(--ink); }
.axis { stroke: var(--rule); } polyline { fill: none; stroke-width: 2; } g.node polyline { stroke: var(--node); } g.workerd polyline { stroke: var(--workerd); stroke-dasharray: 5 3; }
g.node circle { fill: var(--node); } g.workerd circle { fill: var(--workerd); } rect.own { fill: var(--node); } rect.peer { fill: var(--peer); }
`;
