using System.Text.Json;

namespace Proofgate.Inference.Dialects;

/// <summary>The texts of one streamed answer. Few, and looked up on every event: a list beats a dictionary.</summary>
internal sealed class AnswerSlots(RedactionPlan plan, AnswerFacts facts)
{
    /// <summary>Choices x fields x tool calls that one answer may open; a provider that sends more is cut off.</summary>
    private const int MaxSlots = 1024;

    private readonly List<AnswerSlot> _slots = [];

    internal List<AnswerSlot> All => _slots;

    /// <summary>Whose arguments the texts of tools are.</summary>
    internal ToolNames Tools { get; } = new();

    /// <summary>The kinds that are put back into a text; none where it is neither for a person nor for a tool of the caller.</summary>
    internal IReadOnlySet<Kind> BackInto(in SlotKey key) =>
        plan.Restoration is not { } restoration ? Restoration.Nowhere
        : key.IsSaid ? restoration.InText
        : key.IsArguments ? restoration.InArgumentsOf(Tools.Of(key))
        : Restoration.Nowhere;

    internal AnswerSlot Get(SlotKey key)
    {
        foreach (var slot in _slots)
        {
            if (slot.Key == key)
            {
                return slot;
            }
        }

        return Add(key);
    }

    /// <summary>The text of a field that the dialect does not have, by the name at which <paramref name="atName"/> stands.</summary>
    internal AnswerSlot GetNamed(int choice, ref Utf8JsonReader atName)
    {
        foreach (var slot in _slots)
        {
            if (slot.Key.Choice == choice && slot.Key.Name is { } name && atName.ValueTextEquals(name))
            {
                return slot;
            }
        }

        return Add(new SlotKey(choice, SlotField.Other, 0, atName.GetString()));
    }

    /// <summary>The text of a member <paramref name="name"/> of a block or an item, of its part <paramref name="part"/>.</summary>
    internal AnswerSlot Get(int item, int part, string name) => Get(new SlotKey(item, SlotField.Other, part, name));

    private AnswerSlot Add(SlotKey key)
    {
        if (_slots.Count == MaxSlots)
        {
            throw new AnswerFormatException($"The upstream's answer has more than {MaxSlots} texts at once.");
        }

        var added = new AnswerSlot(key, plan, facts, this);
        _slots.Add(added);
        return added;
    }
}
