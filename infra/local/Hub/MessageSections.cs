namespace Proofgate.Local.Hub;

/// <summary>Where the sections of an encoded message stand (OASIS AMQP 1.0, part 3.2). Everything from the properties on is one stretch.</summary>
internal readonly record struct MessageSections(Range Header, Range Annotations, Range Rest)
{
    private const ulong HeaderCode = 0x70;
    private const ulong DeliveryAnnotationsCode = 0x71;
    private const ulong AnnotationsCode = 0x72;
    private const ulong DataCode = 0x75;
    private const ulong FooterCode = 0x78;

    internal static bool TryRead(ReadOnlySpan<byte> message, out MessageSections sections)
    {
        var bytes = new AmqpBytes(message);
        var (header, annotations, rest, last) = (default(Range), default(Range), message.Length, 0UL);
        sections = default;
        while (!bytes.IsAtEnd)
        {
            var start = bytes.At;
            // In their order; body sections may repeat.
            if (!bytes.TryReadDescriptor(out var code) || code is < HeaderCode or > FooterCode || code < last || (code == last && code < DataCode) || !bytes.TrySkip())
                return false;
            last = code;
            if (code == HeaderCode)
                header = start..bytes.At;
            else if (code == AnnotationsCode)
                annotations = start..bytes.At;
            else if (code != DeliveryAnnotationsCode)
                rest = Math.Min(rest, start);
        }

        sections = new MessageSections(header, annotations, rest..message.Length);
        return message.Length > 0;
    }

    /// <summary>The contents of a batch's data sections: one encoded message each.</summary>
    internal static bool TryReadBatch(ReadOnlySpan<byte> rest, out IReadOnlyList<Range> events)
    {
        var found = new List<Range>();
        var bytes = new AmqpBytes(rest);
        events = found;
        while (!bytes.IsAtEnd)
        {
            if (!bytes.TryReadDescriptor(out var code))
                return false;
            if (code == DataCode)
            {
                if (!bytes.TryReadBinary(out var place))
                    return false;
                found.Add(place);
            }
            else if (code is > DataCode and < FooterCode || !bytes.TrySkip())
            {
                return false;
            }
        }

        return found.Count > 0;
    }
}
