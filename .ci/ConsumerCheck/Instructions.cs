using System.Reflection;
using System.Reflection.Emit;

namespace ConsumerCheck;

/// <summary>The instructions of a method's compiled code (ECMA-335, partition III).</summary>
internal static class Instructions
{
    // By value: one byte, or 0xFE and another one, which as a short is negative.
    private static readonly Dictionary<short, OpCode> Codes = typeof(OpCodes)
        .GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(field => (OpCode)field.GetValue(null)!)
        .ToDictionary(code => code.Value);

    /// <summary>Each instruction, and the first four bytes of its operand: the token of the method or type that it names, if it names one.</summary>
    public static IEnumerable<(OpCode Code, int Token)> Of(MethodBase method)
    {
        byte[] bytes = method.GetMethodBody()?.GetILAsByteArray() ?? [];
        int place = 0;
        while (place < bytes.Length)
        {
            OpCode code = Codes[bytes[place] == 0xFE ? (short)((bytes[place] << 8) | bytes[place + 1]) : bytes[place]];
            place += code.Size;
            int size = OperandSize(code.OperandType, bytes.AsSpan(place));
            yield return (code, size >= sizeof(int) ? BitConverter.ToInt32(bytes, place) : 0);
            place += size;
        }
    }

    private static int OperandSize(OperandType type, ReadOnlySpan<byte> operand) => type switch
    {
        OperandType.InlineNone => 0,
        OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
        OperandType.InlineVar => 2,
        OperandType.InlineI8 or OperandType.InlineR => 8,
        OperandType.InlineSwitch => sizeof(int) * (1 + BitConverter.ToInt32(operand)),
        _ => 4,
    };
}
