using System.Buffers;
using Proofgate.Protection.Tests.Support;
using Proofgate.Support;

namespace Proofgate.Protection.Tests;

public sealed class AllocationTests
{
    private static readonly string[] Stream =
    [
        "Or", "dinary", " prose", ", then", " a card: ", "4111 ", "1111 1111", " 1111", " and j", "ohn@exa", "mple.com",
        ", \u65E5\u672C", "\uD83D", "\uDE00",
        " a \u200Bkey: ", "-----BEGIN PRIVATE KEY-----", "\nMIIEvQ", "IBADAN", "-----END PRIVATE KEY-----",
        " IBAN DE89 3704 0044 0532 0130 00.", "sk-ant-0123456789abcdef0123",
    ];

    [Fact]
    public void WarmPush_AllocatesNothing()
    {
        var slot = new SlotRedactor(ShippedRules.MaskAll);
        var released = new ArrayBufferWriter<char>(4096);
        for (var i = 0; i < 50; i++)
            RunOnce(slot, released);

        Assert.Equal(0, Allocations.Of(() =>
        {
            for (var i = 0; i < 200; i++)
                RunOnce(slot, released);
        }));
        Assert.Equal(5, slot.Redactions.Total);
    }

    [Fact]
    public void WarmInspection_AllocatesNothing()
    {
        var text = string.Concat(Stream);
        var found = new KindCounts();
        Inspector.Inspect(RuleSet.Default, text, found);
        Inspector.Inspect(RuleSet.Default, text, found);

        Assert.Equal(0, Allocations.Of(() =>
        {
            for (var i = 0; i < 200; i++)
            {
                found.Clear();
                Inspector.Inspect(RuleSet.Default, text, found);
            }
        }));
        Assert.True(found.Total >= 5);
    }

    private static void RunOnce(SlotRedactor slot, ArrayBufferWriter<char> released)
    {
        slot.Reset();
        released.ResetWrittenCount();
        foreach (var piece in Stream)
            slot.Push(piece, released);
        slot.Complete(TextEnd.Finished, released);
    }
}
