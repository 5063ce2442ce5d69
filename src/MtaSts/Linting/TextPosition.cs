using System.Runtime.InteropServices;

namespace MtaSts.Linting;

/// <summary>Represents a position in a text; <c>default</c> means that the position is unknown.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct TextPosition(int Line, int Offset);
