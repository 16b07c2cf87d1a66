using System.Buffers;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using Proofgate.Protection;

namespace Proofgate.Benchmarks.Redaction;

/// <summary>How much text one core redacts, all detectors on: prose, text that is dense with values, and texts made to be slow.</summary>
internal static class RedactionRun
{
    private const int Length = 1 << 20;
    private static readonly TimeSpan Measured = TimeSpan.FromSeconds(2);

    private static readonly (string Name, string Unit)[] Texts =
    [
        ("prose", "The ledger grows by one row for every decision, and every row can be checked by a stranger. Nobody, not even the operator, can "
            + "rewrite what was decided; on Monday (or later) the auditors compare the checkpoints they hold. It's a well-known design, they said: simple, "
            + "old and hard to get wrong. The 12 reviewers of 2026 found 3 small faults, and each was mended within a week.\n"),
        ("dense", "Anna (anna.smith@example.com, +44 7700 900123) paid 1 234,50 with 4111 1111 1111 1111 from GB29 NWBK 6016 1331 9268 19 at 10.0.0.1; "
            + "SSN 054-28-6917, born on 12/03/1980, password=Xk29vQ!7, key sk-ant-0123456789abcdefghij.\n"),
        ("code", "    if (items[i].Value > limit) { return new Result(items[i].Key, \"too-long\"); } // see https://example.com/a?b=c#d\n"),
        ("hex", "2e53b3a3708b8b6015461937247bd74f2b796f55 "),
        ("digits", "4 "),
        ("password", "password="),
        ("eyJ", "eyJ-"),
    ];

    internal static Task<int> RunAsync()
    {
        CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        var watch = Stopwatch.StartNew();
        var plan = new RedactionPlan(RuleSet.Default);
        Console.WriteLine($"rules compiled in {watch.ElapsedMilliseconds} ms; MB of UTF-8 a second on one core");
        Console.WriteLine($"{"text",-10} {"whole",8} {"stream",8}   (a stream of 24 characters a piece)");
        foreach (var (name, unit) in Texts)
        {
            var text = string.Concat(Enumerable.Repeat(unit, (Length / unit.Length) + 1))[..Length];
            var bytes = Encoding.UTF8.GetByteCount(text);
            var slot = new SlotRedactor(plan);
            var released = new ArrayBufferWriter<char>(2 * Length);
            var whole = Rate(bytes, () => Redactor.RedactWhole(plan, text, TextEnd.Finished));
            var stream = Rate(bytes, () =>
            {
                released.ResetWrittenCount();
                slot.Reset();
                for (var at = 0; at < text.Length; at += 24)
                    slot.Push(text.AsSpan(at, Math.Min(24, text.Length - at)), released);
                slot.Complete(TextEnd.Finished, released);
            });
            Console.WriteLine($"{name,-10} {whole,8:F1} {stream,8:F1}");
        }

        return Task.FromResult(0);
    }

    private static double Rate(int bytes, Action run)
    {
        var warm = Stopwatch.StartNew();
        while (warm.Elapsed < Measured / 2)
            run();
        var (watch, rounds) = (Stopwatch.StartNew(), 0);
        for (; watch.Elapsed < Measured; rounds++)
            run();
        return bytes / 1e6 * rounds / watch.Elapsed.TotalSeconds;
    }
}
