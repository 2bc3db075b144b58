namespace RemoteSwap.LoadGen.Reports;

/// <summary>How reports look: light or dark as the reader's system is.</summary>
internal static class HtmlStyle
{
    /// <summary>The style sheet.</summary>
    public const string Css = """
        :root { color-scheme: light dark; --bg: #fff; --fg: #1c2126; --dim: #5c6670; --grid: #dde2e7;
          --c1: #1967d2; --c2: #c5521c; --c3: #1e8e3e; --c4: #8430ce; --c5: #b06000; --c6: #12858d; }
        @media (prefers-color-scheme: dark) { :root { --bg: #15191d; --fg: #e4e8ec; --dim: #9aa5b0; --grid: #313940;
          --c1: #7fb0ff; --c2: #ff9d6e; --c3: #74d18b; --c4: #cf9bff; --c5: #f2c063; --c6: #6bd3da; } }
        body { background: var(--bg); color: var(--fg); font: 15px/1.5 system-ui, sans-serif; max-width: 900px;
          margin: 2rem auto; padding: 0 1rem; }
        h1 { font-size: 1.5rem; } h2 { font-size: 1.15rem; margin: 2rem 0 .5rem; } .dim { color: var(--dim); }
        table { border-collapse: collapse; width: 100%; } th, td { text-align: right; padding: .25rem .5rem;
          border-bottom: 1px solid var(--grid); } th:first-child, td:first-child { text-align: left; }
        .verdict { border-left: 5px solid var(--c3); padding: .5rem 1rem; } .verdict.bad { border-color: var(--c2); }
        pre { overflow-x: auto; } svg { width: 100%; height: auto; } svg text { fill: var(--fg); font-size: 12px; }
        svg text.x { text-anchor: middle; } svg text.y { text-anchor: end; } .grid { stroke: var(--grid); }
        polyline { fill: none; stroke-width: 2; }
        .s1 { stroke: var(--c1); } .s2 { stroke: var(--c2); } .s3 { stroke: var(--c3); } .s4 { stroke: var(--c4); }
        .s5 { stroke: var(--c5); } .s6 { stroke: var(--c6); } .f1 { fill: var(--c1); } .f2 { fill: var(--c2); }
        .f3 { fill: var(--c3); } .f4 { fill: var(--c4); } .f5 { fill: var(--c5); } .f6 { fill: var(--c6); }
        """;
}
